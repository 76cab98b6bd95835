import assert from 'node:assert/strict';
import {
  agentTopic,
  deviceId,
  discoveryTopic,
  mayHomeAssistantPublish,
  mayHomeAssistantReceive,
  parseCommandTopic,
  topicLevel,
} from '../../../../src/domain/home-assistant/topics.ts';

describe('Topics for Home Assistant', () => {
  it('hold every domain in one level, and give it back', () => {
    for (const domain of ['01_Water', '04_Lüftung', 'a/b', '+', '#', 'a b', '%2F', '\ud800']) {
      const topic = agentTopic(7, domain, 'set');
      assert.match(topic, /^ripe\/ha\/7\/[^/+#]+\/set$/, domain);
      assert.deepEqual(parseCommandTopic(topic), { sensor: 7, level: topicLevel(domain) });
    }
  });

  it('are commands in one form only', () => {
    const others = [
      'ripe/ha/7/a/state',
      'ripe/ha/0/a/set',
      'ripe/ha/x/a/set',
      'ripe/ha/7/a/b/set',
      'ripe/ha/7/set',
    ];
    for (const topic of others) assert.equal(parseCommandTopic(topic), null, topic);
  });

  it('name a device as discovery wants it', () => {
    assert.match(
      discoveryTopic('homeassistant', deviceId('ab-12', 7)),
      /^homeassistant\/device\/[\w-]+\/config$/,
    );
  });

  it('are all that its login may use', () => {
    for (const topic of ['ripe/ha/#', 'ripe/ha/7/state', 'homeassistant/#', 'homeassistant/status']) {
      assert.ok(mayHomeAssistantReceive('homeassistant', topic), topic);
    }
    for (const topic of ['#', '+/ha/#', 'sensor/cmd/7/KEY', 'ripe/master', 'ripe/#', 'homeassistant']) {
      assert.ok(!mayHomeAssistantReceive('homeassistant', topic), topic);
    }
    for (const topic of ['ripe/ha/7/a/set', 'homeassistant/status']) {
      assert.ok(mayHomeAssistantPublish('homeassistant', topic), topic);
    }
    for (const topic of ['ripe/ha/availability', 'ripe/ha/7/a/state', 'sensor/data/7/KEY', 'ripe/master']) {
      assert.ok(!mayHomeAssistantPublish('homeassistant', topic), topic);
    }
  });
});
