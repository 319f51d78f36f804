-- Postgres gathers by itself what it has to know of its tables. Both databases have the same numbers of migrations.
SELECT 1;
