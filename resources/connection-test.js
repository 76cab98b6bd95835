// For the dialogs of ripe-broker and ripe-broker-pool: tries a broker, and says below a place of the dialog how it went.
{
  const textOf = (key, values) => RED.nodes.getType('ripe-broker')._(`ripe-broker.test.${key}`, values);

  const wordsFor = (result) => {
    if (result.ok) return textOf('ok', { protocol: result.protocol, ms: result.ms });
    const text = textOf(result.problem);
    return result.code === null ? text : `${text} (${result.code})`;
  };

  const LOOKS = {
    busy: { icon: 'fa-spinner fa-pulse', color: 'inherit' },
    none: { icon: 'fa-info-circle', color: 'inherit' },
    good: { icon: 'fa-check', color: 'var(--red-ui-text-color-success, #2e7d32)' },
    bad: { icon: 'fa-times', color: 'var(--red-ui-text-color-error)' },
  };

  const lookOf = ({ ok, problem }) => {
    if (ok) return 'good';
    return problem === 'embedded' ? 'none' : 'bad';
  };

  const show = (place, look, text) => {
    const { icon, color } = LOOKS[look];
    const line = $('<div class="ripe-connection-test" role="status">');
    line.css({ display: 'flex', gap: '8px', margin: '6px 2px 2px', 'line-height': '1.4' });
    line.append(
      $('<i>').addClass(`fa ${icon}`).css({ color, 'line-height': 'inherit' }),
      $('<span>').text(text),
    );
    place.find('.ripe-connection-test').remove();
    place.append(line);
  };

  const ask = (broker) =>
    new Promise((resolve, reject) => {
      const request = { url: 'ripe/broker/test', type: 'POST', contentType: 'application/json' };
      $.ajax({ ...request, data: JSON.stringify(broker) }).then(resolve, (failure) => reject(failure));
    });

  RED.ripe = {
    ...RED.ripe,

    /** A broker as the editor has it, also one that is not deployed yet. The runtime knows its stored passwords. */
    savedBroker: (node) => ({
      id: node.id,
      fields: Object.fromEntries(Object.keys(node._def.defaults).map((name) => [name, node[name]])),
      credentials: node.credentials ?? {},
    }),

    /** A broker as it stands in its open dialog. */
    shownBroker: (node) => {
      const shownValue = (name) => {
        const input = $(`#node-config-input-${name}`);
        return input.is(':checkbox') ? input.prop('checked') : (input.val() ?? node[name]);
      };
      const read = (names) => Object.fromEntries(names.map((name) => [name, shownValue(name)]));
      const { defaults, credentials } = node._def;
      return {
        id: node.id,
        fields: read(Object.keys(defaults)),
        credentials: read(Object.keys(credentials)),
      };
    },

    testConnection: async (broker, place) => {
      show(place, 'busy', textOf('busy'));
      try {
        const result = await ask(broker);
        show(place, lookOf(result), wordsFor(result));
      } catch (failure) {
        const key = failure.status === 401 || failure.status === 403 ? 'forbidden' : 'unanswered';
        show(place, 'bad', textOf(key));
      }
    },
  };
}
