export { default as UiRipeGarden } from './ui-ripe-garden.vue';
