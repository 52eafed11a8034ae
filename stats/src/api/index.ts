export { InterfaceFactsSource, type InterfaceFacts } from './interface-facts.ts'
