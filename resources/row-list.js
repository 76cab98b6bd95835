// For dialogs with a list of rows: Node-RED's editable list, as high as it is long, and in any width.
RED.ripe = {
  ...RED.ripe,

  /** `addItem(row, index, data)` draws one row; `items` are there at once. Returns the list. */
  rowList: (place, { addButton, addItem }, items) => {
    const options = { sortable: true, removable: true, addButton, addItem };
    const list = $(place).css({ 'min-width': '0' }).editableList(options);
    list.editableList('addItems', [].concat(items || []));
    list.editableList('height', 'auto');
    list.closest('.red-ui-editableList-container').css({ 'min-height': '42px' });
    return list;
  },

  /** What `read` makes of each row, in order. */
  readRows: (place, read) =>
    $(place)
      .editableList('items')
      .get()
      .map((row) => read($(row))),
};
