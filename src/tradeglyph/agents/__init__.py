"""Tools for language models that act: the recognizers, `score` and `explain`, over files of one
folder that the user names.

`tradeglyph.agents.langchain.tools` gives them to LangChain, `tradeglyph mcp` to any client of the
Model Context Protocol. Both offer the same list, `tools.tools_over`, and answer the same.
"""
