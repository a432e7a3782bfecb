"""What every store is built on: transactions, statements, sealing, outbox, receipts, records."""
