CREATE TABLE IF NOT EXISTS cities (
  key text PRIMARY KEY,
  visits integer NOT NULL DEFAULT 0
);
INSERT INTO cities (key) VALUES ('nairobi'), ('lima'), ('osaka') ON CONFLICT DO NOTHING;
