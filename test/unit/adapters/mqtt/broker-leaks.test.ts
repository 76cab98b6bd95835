import assert from 'node:assert/strict';
import { type Census, CensusTaker, grown } from '../../../../scripts/chaos/support/census.ts';
import {
  type BrokerMode,
  type BrokerPool,
  createBrokerPool,
} from '../../../../src/adapters/mqtt/broker-pool.ts';
import { useMosquitto } from '../../../support/mosquitto.ts';
import { runs } from '../../../support/runs.ts';
import { until } from '../embedded-broker/embedded-broker-support.test.ts';
import { definition, PoolRecord } from './broker-pool-support.test.ts';

/** 100 kills in `npm test`, 1,000 in `npm run test:long`; half of them in each mode. */
const KILLS = runs(50);
const WARM_UP = 4;
/** Tests before this one may still be ending something; what leaks once for each kill is many. */
const MARGIN = 2;

describe('broker pool whose brokers are killed again and again', function () {
  this.timeout(600_000);
  const brokers = [useMosquitto(), useMosquitto()] as const;
  let pool: BrokerPool;
  let taker: CensusTaker;

  before(() => {
    taker = new CensusTaker();
  });
  after(() => taker.stop());
  afterEach(() => pool.stop());

  const settled = (mode: BrokerMode) => () =>
    mode === 'all' ? pool.inService.length === 2 : pool.inService[0]?.name === 'first';

  for (const mode of ['failover', 'all'] as const) {
    it(`leaks no sockets, timers or listeners in mode ${mode}`, async () => {
      const list = (['first', 'second'] as const).map((name, index) =>
        definition(name, () => ({ port: brokers[index]?.port ?? 0 }), 'auto', true),
      );
      pool = createBrokerPool(
        new PoolRecord().options(list, { mode, failBackMs: 20, quietMs: 20, retryMs: 5 }),
      );
      pool.start();
      await until(settled(mode), 10_000);
      let before = taker.take();
      for (let kill = 0; kill < KILLS + WARM_UP; kill++) {
        if (kill === WARM_UP) before = await calm();
        const [killed] = kill % 2 === 0 || mode === 'failover' ? brokers : [brokers[1]];
        await killed.kill();
        await until(() => pool.inService.length === 1 && !settled(mode)(), 10_000);
        await killed.start();
        await until(settled(mode), 10_000);
      }
      assert.deepEqual(grown(before, await calm(), MARGIN), []);
    });
  }

  /** Once nothing is under way any more: brokers that are left, probes, closed sockets. */
  async function calm(): Promise<Census> {
    let last = '';
    for (let same = 0; same < 20; ) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const now = JSON.stringify(Object.entries(taker.take()).sort());
      same = now === last ? same + 1 : 0;
      last = now;
    }
    return taker.take();
  }
});
