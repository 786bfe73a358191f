"""Where answers and alerts are kept: SQL databases, or DynamoDB."""
