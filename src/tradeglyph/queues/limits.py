"""After how many deliveries a message is given up, and what is said then."""

MAX_DELIVERIES = 10


def unanswered(deliveries: int) -> str:
    """Why a message is given up after so many deliveries."""
    return f"delivered {deliveries} times without an answer"
