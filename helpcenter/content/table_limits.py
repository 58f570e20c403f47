"""How much a table may hold."""

LARGEST = 5 * 1024 * 1024  # bytes of a file
LARGEST_UNPACKED = 48 * 1024 * 1024  # bytes of all parts of a workbook
MOST_PARTS = 500  # of a workbook
MOST_ROWS = 20_000  # below the first one
FARTHEST_ROW = (
    2 * MOST_ROWS
)  # of a workbook: a row may say that it is the millionth, and empty ones before it cost time
MOST_COLUMNS = 200
