"""Between the station and the world: the link, the outbox, the channels and the carriers."""
