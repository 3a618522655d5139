/** A grant, field by field, from the layout that the grant's type draws. */
export function unpackGrant(grant: bigint) {
  return {
    purposes: Number(grant & 0xffffffffn),
    dataClasses: Number((grant >> 32n) & 0xffffffffn),
    from: Number((grant >> 64n) & 0xffffffffffn),
    until: Number((grant >> 104n) & 0xffffffffffn),
    revokedAt: Number((grant >> 144n) & 0xffffffffffn),
    grantedAt: Number(grant >> 184n),
  };
}
