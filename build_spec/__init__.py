"""What builds the product's own files (workbooks, installers). Never shipped, never imported by it."""
