-- Listings of items by time, whatever is promoted or sticky.
CREATE INDEX item_by_created ON item (stage_id, created, id);
CREATE INDEX item_by_changed ON item (stage_id, changed, id);
