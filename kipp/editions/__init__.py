"""The edition file: a whole competition as TOML. docs/editions.md documents it."""
