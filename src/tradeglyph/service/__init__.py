"""The REST service: scores, events and alerts over HTTP, and the SageMaker container contract."""
