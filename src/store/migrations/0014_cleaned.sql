-- Orders from which was taken what no database holds are few, and are found without reading all.
create index documents_cleaned on documents (pipeline, key) where raw ? 'cleaned';
