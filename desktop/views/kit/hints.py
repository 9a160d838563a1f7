"""What an empty field suggests typing. One place, so that two day fields never say two things."""

DAY_HINT = "28/11/2026 or tue"
