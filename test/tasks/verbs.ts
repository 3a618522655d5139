/** The module of each verb's action, by what a user types. */
interface Verbs {
  readonly "accounts certify": typeof import("../../tasks/accounts/certify.js");
  readonly "accounts enroll": typeof import("../../tasks/accounts/enroll.js");
  readonly "accounts suspend": typeof import("../../tasks/accounts/suspend.js");
  readonly "accounts reinstate": typeof import("../../tasks/accounts/reinstate.js");
  readonly "accounts revoke": typeof import("../../tasks/accounts/revoke.js");
  readonly "accounts void": typeof import("../../tasks/accounts/void.js");
  readonly "accounts publish": typeof import("../../tasks/accounts/publish.js");
  readonly "accounts show": typeof import("../../tasks/accounts/show.js");
  readonly "accounts institutions": typeof import("../../tasks/accounts/institutions.js");
  readonly "accounts new-wallet": typeof import("../../tasks/accounts/newWallet.js");
  readonly "accounts register": typeof import("../../tasks/accounts/register.js");
  readonly "accounts allot": typeof import("../../tasks/accounts/allot.js");
  readonly "accounts list": typeof import("../../tasks/accounts/list.js");
  readonly "chain start": typeof import("../../tasks/chain/start.js");
  readonly "chain join": typeof import("../../tasks/chain/join.js");
  readonly "coin balance": typeof import("../../tasks/coin/balance.js");
  readonly "coin transfer": typeof import("../../tasks/coin/transfer.js");
  readonly "coin permit": typeof import("../../tasks/coin/permit.js");
  readonly "coin allot": typeof import("../../tasks/coin/allot.js");
  readonly "coin end-emission": typeof import("../../tasks/coin/endEmission.js");
  readonly "coin emission": typeof import("../../tasks/coin/emission.js");
  readonly "coin supply": typeof import("../../tasks/coin/supply.js");
  readonly "consensus status": typeof import("../../tasks/consensus/status.js");
  readonly "consensus candidates": typeof import("../../tasks/consensus/candidates.js");
  readonly "consensus stakes": typeof import("../../tasks/consensus/stakes.js");
  readonly "consensus stand": typeof import("../../tasks/consensus/stand.js");
  readonly "consensus stake": typeof import("../../tasks/consensus/stake.js");
  readonly "consensus commission": typeof import("../../tasks/consensus/commission.js");
  readonly "consensus resign": typeof import("../../tasks/consensus/resign.js");
  readonly "consensus unjail": typeof import("../../tasks/consensus/unjail.js");
  readonly "consensus expel": typeof import("../../tasks/consensus/expel.js");
  readonly "consensus delegate": typeof import("../../tasks/consensus/delegate.js");
  readonly "consensus undelegate": typeof import("../../tasks/consensus/undelegate.js");
  readonly "consensus redelegate": typeof import("../../tasks/consensus/redelegate.js");
  readonly "consensus claim": typeof import("../../tasks/consensus/claim.js");
  readonly "consensus elect": typeof import("../../tasks/consensus/elect.js");
  readonly "consensus settle": typeof import("../../tasks/consensus/settle.js");
  readonly "consensus report": typeof import("../../tasks/consensus/report.js");
  readonly "consensus rules": typeof import("../../tasks/consensus/rules.js");
  readonly "consensus simulate": typeof import("../../tasks/consensus/simulate.js");
  readonly "consent grant": typeof import("../../tasks/consent/grant.js");
  readonly "consent narrow": typeof import("../../tasks/consent/narrow.js");
  readonly "consent revoke": typeof import("../../tasks/consent/revoke.js");
  readonly "consent revoke-all": typeof import("../../tasks/consent/revokeAll.js");
  readonly "consent check": typeof import("../../tasks/consent/check.js");
  readonly "consent list": typeof import("../../tasks/consent/list.js");
  readonly "consent fan-out": typeof import("../../tasks/consent/fanOut.js");
  readonly "consent send": typeof import("../../tasks/consent/send.js");
  readonly "consent opt-out": typeof import("../../tasks/consent/optOut.js");
  readonly "consent break-glass": typeof import("../../tasks/consent/breakGlass.js");
  readonly "consent rule": typeof import("../../tasks/consent/rule.js");
  readonly "database new-key": typeof import("../../tasks/database/newKey.js");
  readonly "database serve": typeof import("../../tasks/database/serve.js");
  readonly "database audit": typeof import("../../tasks/database/audit.js");
  readonly "database shred": typeof import("../../tasks/database/shred.js");
  readonly "database ingest": typeof import("../../tasks/database/ingest.js");
  readonly "database requests": typeof import("../../tasks/database/requests.js");
  readonly "database sign": typeof import("../../tasks/database/sign.js");
  readonly "database read": typeof import("../../tasks/database/read.js");
  readonly "records show": typeof import("../../tasks/records/show.js");
  readonly "records history": typeof import("../../tasks/records/history.js");
  readonly "records register": typeof import("../../tasks/records/register.js");
  readonly "records sign-batch": typeof import("../../tasks/records/signBatch.js");
  readonly "records accept": typeof import("../../tasks/records/accept.js");
  readonly "records repudiate": typeof import("../../tasks/records/repudiate.js");
  readonly "records verify": typeof import("../../tasks/records/verify.js");
  readonly deploy: typeof import("../../tasks/deploy/deploy.js");
}

/** A verb by its name, such as "consent grant". */
export type Verb = keyof Verbs;

/** What a verb returns. */
export type ResultOf<V extends Verb> = Awaited<ReturnType<Verbs[V]["default"]>>;
