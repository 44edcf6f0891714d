"""The one-file page: a lesson that opens from the disk, offline, in any browser. See :mod:`analysis.page.export`."""
