"""The nouns of the project and what must hold for them. Imports numpy and nothing of ours."""
