"""The register: judges, stores, feeds. Never imports the vault."""
