"""One user action, one plain function. Qt-free."""
