import type { CountryPack } from '@opennrm/country';
import type { Call, Transaction } from '@opennrm/runtime';
import type { LegalBasis, Permission } from '../domain/case-file.ts';
import { grantPermission, recordBasis, withdrawPermission } from '../domain/permission.ts';
import { asOwner, changeCase } from './ground.ts';

export const grant = (
  tx: Transaction,
  pack: CountryPack,
  caseId: string,
  permission: Omit<Permission, 'withdrawnAt'>,
  call: Call,
) =>
  changeCase(
    tx,
    pack,
    call,
    caseId,
    asOwner(call, (file) => grantPermission(file, permission, call.at)),
    () => ({ permissionId: permission.permissionId }),
  );

export const withdraw = (tx: Transaction, pack: CountryPack, caseId: string, permissionId: string, call: Call) =>
  changeCase(
    tx,
    pack,
    call,
    caseId,
    asOwner(call, (file) => withdrawPermission(file, permissionId, call.at)),
    () => ({ permissionId }),
  );

export const basis = (tx: Transaction, pack: CountryPack, caseId: string, recorded: LegalBasis, call: Call) =>
  changeCase(
    tx,
    pack,
    call,
    caseId,
    asOwner(call, (file) => recordBasis(file, recorded, call.at)),
    () => ({ basisId: recorded.basisId }),
  );
