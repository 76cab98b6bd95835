import assert from 'node:assert/strict';
import type { InternalAddress } from '../../../../src/adapters/mqtt/address/broker-address.ts';
import { parseBrokers } from '../../../../src/adapters/mqtt/address/parse-brokers.ts';
import { type BrokerPool, createBrokerPool } from '../../../../src/adapters/mqtt/broker-pool.ts';
import { type Certificates, makeCertificates } from '../../../support/certificates.ts';
import { useSecureServer } from '../../../support/secure-server.ts';
import { until, useEmbeddedBroker } from '../embedded-broker/embedded-broker-support.test.ts';
import { definition, PoolRecord } from './broker-pool-support.test.ts';

describe('broker pool over TLS', () => {
  const site = useEmbeddedBroker();
  let certificates: Certificates;
  let record: PoolRecord;
  let pool: BrokerPool;

  before(() => {
    certificates = makeCertificates();
  });
  beforeEach(() => {
    record = new PoolRecord();
  });
  afterEach(() => pool.stop());

  const serve = useSecureServer(() => site.broker);

  function start(port: number, address: Partial<InternalAddress>): void {
    pool = createBrokerPool(
      record.options([
        definition('secure', () => ({ ...site.broker.credentials, scheme: 'mqtts', port, ...address })),
      ]),
    );
    pool.start();
  }

  for (const scheme of ['mqtts', 'wss'] as const) {
    it(`connects with ${scheme} to a broker whose certificate is of its own authority`, async () => {
      const port = await serve(certificates.good, scheme);
      start(port, { scheme, ca: certificates.ca });
      await until(() => pool.inService.length > 0);
    });
  }

  const refused: [what: string, which: keyof Omit<Certificates, 'ca'>, known: boolean, reason: RegExp][] = [
    ['has expired', 'expired', true, /certificate is not accepted: it has expired/],
    ['is for another host', 'foreign', true, /certificate is not accepted: it is for another host name/],
    [
      'is of an authority that it does not know',
      'good',
      false,
      /certificate is not accepted: its CA is not known/,
    ],
  ];
  for (const [what, which, isKnown, reason] of refused) {
    it(`says that a certificate ${what}`, async () => {
      start(await serve(certificates[which], 'mqtts'), isKnown ? { ca: certificates.ca } : {});
      await until(() => record.reasons.length > 0);
      assert.match(record.reasons[0] ?? '', reason);
    });
  }

  it('takes any certificate where it is told not to verify', async () => {
    start(await serve(certificates.expired, 'mqtts'), { rejectUnauthorized: false });
    await until(() => pool.inService.length > 0);
  });

  it('finds authority and verification in a list of brokers', () => {
    const { ca } = certificates;
    const list = JSON.stringify([
      { internal: 'mqtts://h', ca },
      { internal: 'mqtts://h', verify: false },
    ]);
    const [own, any] = parseBrokers(list).map((broker) => broker.internal());
    assert.equal(own?.ca, ca);
    assert.equal(any?.rejectUnauthorized, false);
    for (const bad of [{ ca: 'no pem' }, { ca: 5 }, { verify: 'no' }]) {
      assert.throws(
        () => parseBrokers(JSON.stringify([{ internal: 'mqtts://h', ...bad }])),
        /"(ca|verify)" is not/,
      );
    }
  });
});
