"""Who wrote in a claim is asked with each decision on it, so ops on claims are found by record.

They are few. The log as a whole is not kept in that order: see step 9.
"""

STATEMENTS = (
    "CREATE INDEX op_of_a_claim ON op (record_id) WHERE kind IN ('seed_claim', 'claim_line')",
)
