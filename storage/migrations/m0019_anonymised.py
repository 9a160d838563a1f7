"""Who was erased is found by an index that holds nobody else."""

INFO = "a pull asks of whole pages whether somebody in them was erased: nearly always nobody"

SQL = """
CREATE INDEX enquiry_anonymised ON enquiry (id) WHERE anonymised_on IS NOT NULL;
CREATE INDEX enterprise_anonymised ON enterprise (id) WHERE anonymised_on IS NOT NULL;
"""
