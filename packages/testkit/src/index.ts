export { type RowsOf, specifyWhoMayAct } from './callers/specify-who-may-act.ts';
export { type ManualClock, manualClock } from './manual-clock.ts';
export { idOf } from './plans/ids.ts';
export { specifyPlans } from './plans/specify-plans.ts';
export { specification } from './specification.ts';
export { type ListPage, type OrderedList, specifyListOrders } from './specify-list-orders.ts';
export { type TcpProxy, tcpProxy } from './tcp-proxy.ts';
export { testBrokers } from './test-brokers.ts';
export { type TestDatabase, testDatabase } from './test-database.ts';
