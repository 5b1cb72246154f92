package io.distributedlock.autoconfigure.app;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
class ParcelService {

    @Transactional
    public void send() {}
}
