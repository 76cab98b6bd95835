import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { decodeDomain, matchRoute } from '../../../../src/domain/rest/match-route.ts';
import { httpInUrl } from '../../../../src/domain/rest/route.ts';
import { ROUTES } from '../../../../src/domain/rest/routes.ts';

const operationOf = (method: string, path: string) => matchRoute(method, path)?.route.operation ?? null;
const encode = (domain: string) => Buffer.from(domain).toString('base64');
const domain = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }).map((text) => text.toWellFormed());

describe('matchRoute', () => {
  for (const route of ROUTES) {
    it(`finds ${route.methods.join(', ')} ${route.path}, also with a slash at its end`, () => {
      const path = route.path.replace('{id}', '7').replace('{domain64}', encode('01_Öl'));
      for (const method of route.methods) {
        assert.equal(operationOf(method, path), route.operation);
        if (!path.endsWith('=')) assert.equal(operationOf(method, `${path}/`), route.operation);
      }
    });
  }

  it('takes HEAD as GET', () => {
    assert.equal(operationOf('HEAD', '/api/sensor/1'), 'status');
    assert.equal(operationOf('HEAD', '/api/agent/1/QQ=='), null);
  });

  it('serves health by any method but those that browsers ask with (protocol §3)', () => {
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      assert.equal(operationOf(method, '/api/health'), 'health');
    }
    assert.equal(operationOf('OPTIONS', '/api/health'), null);
  });

  for (const [method, path] of [
    ['GET', '/api'],
    ['GET', '/api/'],
    ['GET', '/api/sensors'],
    ['GET', '/api/sensor/1/data/first/more'],
    ['POST', '/api/sensor/1/data/first'],
    ['POST', '/api/sensor/1/log'],
    ['PUT', '/api/sensor/1'],
    ['get', '/api/sensor/1'],
    ['GET', '/api/sensor//log'],
    ['GET', '/other/api/health'],
    ['GET', '/api/healthy'],
  ] as const) {
    it(`knows no ${method} ${path}`, () => assert.equal(matchRoute(method, path), null));
  }

  it('takes a path without a domain, as Express does: else its body would be parsed, and answered with 500, elsewhere', () => {
    for (const end of ['config', 'settings']) {
      const match = matchRoute('GET', `/api/agent/7//${end}`);
      assert.deepEqual([match?.id, match?.domain64], ['7', '']);
    }
    assert.equal(decodeDomain(''), null);
  });

  it('gives the id as it stands in the path', () => {
    assert.equal(matchRoute('GET', '/api/sensor/abc')?.id, 'abc');
    assert.equal(matchRoute('GET', '/api/sensor/1/data/first')?.id, '1');
  });

  it('takes the domain greedily, slashes included (protocol §2.2 FIX)', () => {
    const match = matchRoute('POST', '/api/agent/1/MV/Dlmw=');
    assert.equal(match?.route.operation, 'command');
    assert.equal(match?.domain64, 'MV/Dlmw=');
    assert.equal(matchRoute('GET', '/api/agent/1/MV/Dlmw=/config')?.domain64, 'MV/Dlmw=');
  });

  it('takes /config for a part of the domain where nothing else is one (protocol §2.2)', () => {
    // "A/config" is base64 of six bytes, and not of UTF-8: still no config form of the domain "A".
    assert.equal(operationOf('POST', '/api/agent/1/Y2Zn/config'), 'setConfig');
    const match = matchRoute('POST', `/api/agent/1/${'Y/config'}`);
    assert.equal(match?.route.operation, decodeDomain('Y/config') === null ? 'setConfig' : 'command');
  });

  it('tells apart config and command for every domain (protocol §2.2)', () => {
    fc.assert(
      fc.property(domain, (each) => {
        const path = `/api/agent/1/${encode(each)}`;
        assert.equal(operationOf('POST', path), 'command');
        for (const [method, operation] of [
          ['GET', 'getConfig'],
          ['POST', 'setConfig'],
        ] as const) {
          const match = matchRoute(method, `${path}/config`);
          assert.equal(match?.route.operation, operation);
          assert.equal(decodeDomain(match?.domain64 ?? ''), each);
        }
      }),
    );
  });

  it('answers any path', () => {
    fc.assert(fc.property(fc.webPath(), (path) => void matchRoute('POST', `/api/agent/1${path}`)));
  });
});

describe('decodeDomain', () => {
  it('reads base64 with padding of UTF-8 (protocol §2.2)', () => {
    assert.equal(decodeDomain('MV/Dlmw='), '1_Öl');
  });

  it('reads every domain, raw and with its special characters escaped (protocol §2.2)', () => {
    fc.assert(
      fc.property(domain, (each) => {
        assert.equal(decodeDomain(encode(each)), each);
        assert.equal(decodeDomain(encodeURIComponent(encode(each))), each);
      }),
    );
  });

  it('takes a plus for a plus, never for a blank (protocol §2.2)', () => {
    assert.equal(decodeDomain('4pi+'), '☾');
    assert.equal(decodeDomain('4pi%2B'), '☾');
    assert.equal(decodeDomain('4pi '), null);
  });

  for (const raw of [
    '',
    'MV_Dlmw=',
    'MV/Dlmw',
    'MV/Dlmw==',
    'A',
    'AA',
    '=',
    '====',
    '//79',
    '%',
    '%zz',
    'QUJD\n',
  ]) {
    it(`takes ${JSON.stringify(raw)} for no domain (protocol §2.2)`, () => {
      assert.equal(decodeDomain(raw), null);
    });
  }
});

describe('httpInUrl', () => {
  it('writes paths as http in nodes do', () => {
    const urls = ROUTES.map(httpInUrl);
    assert.ok(urls.includes('/api/agent/:id/*/config'));
    for (const url of urls) assert.doesNotMatch(url, /[{}]/);
  });
});
