-- The instant of the newest change of a service, which every answer with figures names: the last entry of this index.
CREATE INDEX event_instants ON event (service, at);
