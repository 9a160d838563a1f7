"""The cards of "Ways into my records": one for each way. Refuses to know how a way is changed."""
