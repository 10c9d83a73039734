package store

import "context"

// MakeOld makes an empty database of an older version of the schema.
func MakeOld(ctx context.Context, location string, version int) error {
	d, write, read, err := connect(location, false)
	if err != nil {
		return err
	}
	defer read.Close()
	defer write.Close()
	if _, err := write.ExecContext(ctx, `CREATE TABLE schema_version (version INTEGER NOT NULL)`); err != nil {
		return err
	}
	for i, statements := range d.migrations()[:version] {
		if _, err := write.ExecContext(ctx, statements); err != nil {
			return err
		}
		if _, err := write.ExecContext(ctx, d.bind(`INSERT INTO schema_version (version) VALUES (?)`), i+1); err != nil {
			return err
		}
	}
	return nil
}

// Numbered puts the placeholders of a query into the form of PostgreSQL.
func Numbered(query string) string { return postgres.bind(query) }
