"""The property of a window that another stands before, while somebody else is listening.

Apart from the bars that ask for it: the window sets it before its first paint. Refuses to say who.
"""

COVERED = "covered"
