"""A report as people read it: as Markdown, as a page with charts, and as a table for a spreadsheet."""
