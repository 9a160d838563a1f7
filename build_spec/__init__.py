"""What builds the files a release ships (workbooks, installers). Not part of the product itself."""
