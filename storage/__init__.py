"""The vault: what is kept, encrypted, on this laptop. The only SQL on the client."""
