"""Where answers and alerts are kept: SQL databases, or DynamoDB.

`opening.open_store(url)` opens any of them; nothing else is for other floors, but for
`versions`, which upgrades and downgrades the schema of a SQL database.
"""
