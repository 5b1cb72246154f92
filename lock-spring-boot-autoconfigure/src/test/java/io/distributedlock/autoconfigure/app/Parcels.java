package io.distributedlock.autoconfigure.app;

import org.springframework.data.repository.CrudRepository;

interface Parcels extends CrudRepository<Parcel, Long> {}
