"""Programme packs that the council published, signed."""

INFO = "the programme's rules reach this laptop with a round"

SQL = """
CREATE TABLE published_pack (
    id VARCHAR NOT NULL, ver VARCHAR NOT NULL, deleted BOOLEAN NOT NULL, extra VARCHAR NOT NULL,
    pack_id VARCHAR NOT NULL, version VARCHAR NOT NULL, title VARCHAR NOT NULL,
    agreed_by VARCHAR NOT NULL, agreed_on DATE, body VARCHAR NOT NULL,
    fingerprint VARCHAR NOT NULL, published_at DATETIME, signature VARCHAR NOT NULL,
    PRIMARY KEY (id)
);
"""
