"""Finding: Chinese text, the engine, the outbox and the results page; this app knows no page type."""
