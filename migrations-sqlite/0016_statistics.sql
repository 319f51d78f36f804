-- What SQLite is to think of the indexes of items, however many there are now. Nearly all rows are of one stage, so that
-- the stage tells no rows apart: without this a few rows whose identifiers are given are sought among all of a stage.
-- The first numbers are the rows of the table, the others how many rows have the same in the first, the first two … columns.
ANALYZE item;
DELETE FROM sqlite_stat1 WHERE tbl = 'item';
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('item', 'sqlite_autoindex_item_1', '100000 1'),
    ('item', 'item_latest', '100000 100000 50000 20000 10000 2 1'),
    ('item', 'item_of_type', '100000 20000 20000 20000 2 1'),
    ('item', 'item_by_created', '100000 100000 2 1'),
    ('item', 'item_by_changed', '100000 100000 2 1'),
    ('item', 'item_of_author', '100000 1000 2 1');
