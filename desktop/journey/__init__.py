"""The whole journey, played headless: five laptops, one register, twelve cases, one report.

What happens is data (`cases/*.toml`); how it happens is the product's own parts: vault, register,
rules, evidence. Refuses to know a figure, a name or a date of a case.
"""
