// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Role} from "../accounts/Account.sol";
import {GrantKey} from "../records/Grant.sol";
import {RecordId} from "../records/Record.sol";
import {DatasetId} from "./Dataset.sol";

/// @notice Number of an order, from 1.
type OrderId is uint32;

/// @notice Where an order stands. It ends Released (the provider and the creators are paid) or Refunded (the buyer is), never both.
enum OrderState {
    None,
    Ordered,
    Delivered,
    Disputed,
    Released,
    Refunded
}

/**
 * @notice An order with its escrow, in three storage slots; the second starts with `price`, the third is the manifest's root.
 * @param buyer Who pays and gets the records.
 * @param dataset The dataset.
 * @param version The version of it that was on sale.
 * @param amount Records ordered.
 * @param state Where it stands.
 * @param price Of a record, in wei of coin.
 * @param weight The sum of the weights of that version's records.
 * @param deadline In seconds: until when to deliver, once delivered to dispute, once disputed to rule.
 * @param asOf In seconds: when it was ordered; once delivered, when its consents were checked for the export.
 * @param delivered Records delivered, at most `amount`.
 * @param purpose Number of the purpose's bit.
 * @param role The role in which the buyer ordered.
 * @param manifestRoot Root of the Merkle tree over the leaves of what was delivered ({ManifestLeaf}).
 */
struct Order {
    address buyer;
    DatasetId dataset;
    uint32 version;
    uint24 amount;
    OrderState state;
    uint80 price;
    uint40 weight;
    uint40 deadline;
    uint40 asOf;
    uint24 delivered;
    uint8 purpose;
    Role role;
    bytes32 manifestRoot;
}

/// @notice What a consumer orders.
/// @param dataset The dataset.
/// @param version The version that was quoted; another one refuses the order.
/// @param dMin The least amount, in records, above 0 (dMin in eq. (2)).
/// @param purpose Number of the purpose's bit.
/// @param maxPrice The highest price of a record that the consumer takes, in wei. Name the quoted price: `maxPayment` alone leaves room for
/// fewer records at a higher one.
/// @param maxPayment The most to pay in all, in wei: the quote that the order names.
struct OrderRequest {
    DatasetId dataset;
    uint32 version;
    uint24 dMin;
    uint8 purpose;
    uint80 maxPrice;
    uint128 maxPayment;
}

/// @notice One record of a delivery, as the manifest commits to it.
/// @param recordId The record.
/// @param key The grant under which it was exported.
/// @param ciphertextHash Keccak-256 of the encrypted record.
/// @param keyHash Keccak-256 of the key that opens it.
struct ManifestLeaf {
    RecordId recordId;
    GrantKey key;
    bytes32 ciphertextHash;
    bytes32 keyHash;
}
