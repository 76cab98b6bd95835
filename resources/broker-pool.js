// For the dialog of ripe-broker-pool: its lists of brokers and topics, and who uses which broker.
{
  const BROKERS = '#ripe-broker-pool-brokers';
  const TOPICS = '#ripe-broker-pool-topics';
  let rows = 0;

  const isTopicFilter = (topic) =>
    typeof topic === 'string' && /^(?:(?:\+|[^+#/]*)\/)*(?:\+|#|[^+#/]*)$/.test(topic) && topic !== '';

  const chosenBroker = (row) => row.find('select').val();

  const listBrokers = (pool) =>
    RED.ripe.rowList(
      BROKERS,
      {
        addButton: pool._('ripe-broker-pool.label.addBroker'),
        addItem: (row, _index, { id }) => {
          // A name of its own per row: the editor's broker select finds its element by it.
          const property = `broker-${rows++}`;
          const node = Object.assign(Object.create(pool), { [property]: id ?? '' });
          const place = $('<div class="ripe-pool-broker">').appendTo(row);
          $('<input type="text" style="width: 100%">').attr('id', `node-input-${property}`).appendTo(place);
          RED.editor.prepareConfigNodeSelect(node, property, 'ripe-broker', 'node-input');
        },
      },
      [].concat(pool.brokers || []).map((id) => ({ id })),
    );

  const listTopics = (pool) =>
    RED.ripe.rowList(
      TOPICS,
      {
        addButton: pool._('ripe-broker-pool.label.addTopic'),
        addItem: (row, _index, { topic, qos }) => {
          const line = $('<div class="ripe-pool-row">').appendTo(row);
          $('<input type="text" class="ripe-pool-topic">')
            .attr('placeholder', pool._('ripe-broker-pool.placeholder.subscribe'))
            .val(topic ?? '')
            .on('change keyup', ({ target }) => {
              $(target).toggleClass('input-error', !isTopicFilter(target.value));
            })
            .appendTo(line);
          const select = $('<select class="ripe-pool-qos">').appendTo(line);
          for (const level of ['0', '1', '2']) select.append($('<option>').val(level).text(`QoS ${level}`));
          select.val(String(qos ?? 0));
        },
      },
      pool.topics,
    );

  const testBrokers = () => {
    for (const row of $(BROKERS).editableList('items').get()) {
      const broker = RED.nodes.node(chosenBroker($(row)));
      if (broker) RED.ripe.testConnection(RED.ripe.savedBroker(broker), $(row));
    }
  };

  /** Shows rows of the dialog for as long as a field has a value that they are for. */
  const showWith = (field, place, isFor) => {
    const show = () => $(place).toggle(isFor(field.val()));
    field.on('change', show);
    show();
  };

  /**
   * The editor finds the users of a config node by properties that name one node; a pool names a list, so it
   * keeps the users of its brokers itself. When the only broker of a list is deleted, and when that is undone,
   * the editor leaves a text in place of the list.
   */
  const updateUsers = () => {
    const pools = RED.nodes.filterNodes({ type: 'ripe-broker-pool' });
    for (const pool of pools) {
      if (!Array.isArray(pool.brokers)) pool.brokers = pool.brokers ? [pool.brokers] : [];
    }
    RED.nodes.eachConfig((broker) => {
      if (broker.type !== 'ripe-broker') return;
      const others = broker.users.filter(({ type }) => type !== 'ripe-broker-pool');
      const users = others.concat(pools.filter((pool) => pool.brokers.includes(broker.id)));
      const isSame =
        users.length === broker.users.length && users.every((user) => broker.users.includes(user));
      if (isSame) return;
      broker.users.splice(0, broker.users.length, ...users);
      RED.events.emit('nodes:change', broker);
    });
    for (const pool of pools) RED.editor.validateNode(pool);
    RED.view.redraw();
  };
  for (const event of ['nodes:add', 'nodes:change', 'nodes:remove'])
    RED.events.on(event, ({ type }) => {
      if (type === 'ripe-broker-pool' || type === 'ripe-broker') queueMicrotask(updateUsers);
    });

  RED.ripe = {
    ...RED.ripe,
    isTopicFilter,

    preparePool: (pool) => {
      listBrokers(pool);
      listTopics(pool);
      $('#ripe-broker-pool-test').on('click', testBrokers);
      const mode = $('#node-input-mode');
      // A pool of an older flow knows no mode, hands on Buffers, and publishes with QoS 0.
      if (mode.val() === null) mode.val('');
      if (pool.output === undefined) $('#node-input-output').val('buffer');
      if (pool.publishQos === undefined) $('#node-input-publishQos').val('0');
      showWith(mode, '#ripe-broker-pool-fail-back', (value) => value !== 'all');
      showWith($('#node-input-garden'), '#ripe-broker-pool-sensors', (value) => value && value !== '_ADD_');
    },

    savePool: (pool) => {
      const ids = RED.ripe.readRows(BROKERS, chosenBroker);
      pool.brokers = [...new Set(ids)].filter((id) => id && id !== '_ADD_');
      const topics = RED.ripe.readRows(TOPICS, (row) => ({
        topic: row.find('.ripe-pool-topic').val(),
        qos: Number(row.find('.ripe-pool-qos').val()),
      }));
      pool.topics = topics.filter(({ topic }) => topic !== '');
    },
  };
}
