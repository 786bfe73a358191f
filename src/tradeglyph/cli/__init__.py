"""The command line: arguments in, use cases called, one clear line for every fault."""
