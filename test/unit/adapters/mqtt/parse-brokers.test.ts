import assert from 'node:assert/strict';
import { parseBrokers } from '../../../../src/adapters/mqtt/address/parse-brokers.ts';
import { RipeError } from '../../../../src/domain/errors.ts';

function only(setting: string) {
  const brokers = parseBrokers(setting);
  assert.equal(brokers.length, 1);
  const [broker] = brokers;
  assert.ok(broker);
  return { ...broker, internal: broker.internal() };
}

function reasonOf(setting: string): string {
  try {
    parseBrokers(setting);
  } catch (error) {
    assert.ok(error instanceof RipeError);
    assert.equal(error.code, 'RIPE_BROKER_INVALID');
    return String(error.params.reason);
  }
  assert.fail(`${setting} is accepted`);
}

describe('parseBrokers', () => {
  it('reads a JSON list', () => {
    const setting = JSON.stringify([
      {
        internal: 'mqtt://user:pass@inside:1884',
        external: ['tcp://outside:1883', 'wss://outside:8443', 'mqtt://other'],
        name: 'garden',
        protocol: '5',
      },
    ]);
    assert.deepEqual(only(setting), {
      name: 'garden',
      internal: { scheme: 'mqtt', host: 'inside', port: 1884, username: 'user', password: 'pass' },
      external: [
        { scheme: 'tcp', host: 'outside', port: 1883 },
        { scheme: 'wss', host: 'outside', port: 8443 },
        { scheme: 'tcp', host: 'other', port: 1883 },
      ],
      protocol: '5',
      persistent: true,
    });
  });

  it('reads a comma-separated list of pairs', () => {
    const brokers = parseBrokers(' mqtt://a , ws://b:8080/mqtt|wss://c , mqtts://d, ');
    assert.deepEqual(
      brokers.map((broker) => [broker.name, broker.internal(), broker.external]),
      [
        ['a:1883', { scheme: 'mqtt', host: 'a', port: 1883 }, [{ scheme: 'tcp', host: 'a', port: 1883 }]],
        [
          'b:8080',
          { scheme: 'ws', host: 'b', port: 8080, path: '/mqtt' },
          [{ scheme: 'wss', host: 'c', port: 443 }],
        ],
        ['d:8883', { scheme: 'mqtts', host: 'd', port: 8883 }, []],
      ],
    );
  });

  it('knows the default port of each scheme', () => {
    const brokers = parseBrokers('mqtt://h,mqtts://h,ws://h,wss://h,tcp://h');
    assert.deepEqual(
      brokers.map((broker) => broker.internal()?.port),
      [1883, 8883, 80, 443, 1883],
    );
  });

  it('gives clients the internal address where they can speak it', () => {
    assert.deepEqual(only('mqtt://u:p@h:1999').external, [
      { scheme: 'tcp', host: 'h', port: 1999, username: 'u', password: 'p' },
    ]);
    assert.deepEqual(only('wss://h').external, [{ scheme: 'wss', host: 'h', port: 443 }]);
    assert.deepEqual(only('ws://h').external, []);
    assert.deepEqual(only('wss://h/mqtt').external, []);
    assert.deepEqual(only('[{"internal":"mqtt://h","external":[]}]').external, []);
  });

  it('decodes percent escapes in credentials', () => {
    const { internal } = only('mqtt://gar%40den:p%2Fa%2Cs%3As@h');
    assert.equal(internal?.username, 'gar@den');
    assert.equal(internal?.password, 'p/a,s:s');
  });

  it('takes an IPv6 address without its brackets', () => {
    assert.equal(only('mqtt://[::1]:1883').internal?.host, '::1');
  });

  it('reads an empty setting as no brokers', () => {
    assert.deepEqual(parseBrokers(' '), []);
    assert.deepEqual(parseBrokers('[]'), []);
  });

  const bad: [setting: string, reason: RegExp][] = [
    ['mqtt://a,host', /^entry 2: not an address/],
    ['http://u:secret@h', /^entry 1: its scheme/],
    ['mqtt://h/secret', /^entry 1: only ws and wss have a path/],
    ['mqtt://h:0', /^entry 1: its port/],
    ['mqtt://u:secret@h:99999', /^entry 1: not an address/],
    ['mqtt://u:12/secret@h', /^entry 1: in a user name/],
    ['ws://u:12#secret@h', /^entry 1: in a user name/],
    ['mqtt://u:%zzsecret@h', /^entry 1: .* percent escape/],
    ['mqtt://u:secret@h|mqtts://h', /^entry 1 \(h:1883\): its external scheme/],
    ['mqtt://h|tcp://u:secret@h/path', /^entry 1 \(h:1883\): an external address has no path/],
    ['[{"internal":"mqtt://u:secret@h"', /^RIPE_BROKERS is not valid JSON \(line 1 column \d+\)$/],
    ['[{"internal":"mqtt://u:secret@h"},]', /^RIPE_BROKERS is not valid JSON: unexpected \]$/],
    ['[{"internal":"mqtt://h"},"mqtt://u:secret@h"]', /^entry 2: not an object/],
    [
      '[{"internal":"mqtt://h","extrenal":["secret"]}]',
      /^entry 1: "extrenal" is none of its members: internal, /,
    ],
    ['[{"internal":5}]', /^entry 1: "internal"/],
    ['[{"internal":"mqtt://h","external":"tcp://h"}]', /^entry 1: "external"/],
    ['[{"internal":"mqtt://h","name":""}]', /^entry 1: "name"/],
    ['[{"internal":"mqtt://h","protocol":"4"}]', /^entry 1: "protocol"/],
  ];
  for (const [setting, reason] of bad) {
    it(`refuses ${setting}`, () => {
      assert.match(reasonOf(setting), reason);
      assert.doesNotMatch(reasonOf(setting), /secret/);
    });
  }
});
