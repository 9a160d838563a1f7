"""The form engine: XLSForm definitions in, sessions a renderer can draw out.

Importing this package imports neither pyxform nor openpyxl: workbooks are compiled beforehand,
in a process of their own (`forms.engine.compile`).
"""
