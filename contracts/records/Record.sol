// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice The id of a record: `H(H(chainId, registry, patient, doctor, institution, recordedAt, dataClass, salt), sectionsRoot)`.
type RecordId is bytes32;

/// @notice Where a record stands. Asserted: the institution and the doctor say so. Repudiated: the patient disagrees. Accepted: the patient
/// agrees. Superseded: it was accepted, and an amendment took its place. From Accepted on it can be granted.
enum RecordState {
    None,
    Asserted,
    Repudiated,
    Accepted,
    Superseded
}

/**
 * @notice What the chain knows of a record, in one storage slot:
 *
 *     bits 0-159 patient | 160-199 recordedAt | 200-207 dataClass | 208-223 institution | 224-247 doctor | 248-255 state
 */
type Record is uint256;

using RecordLib for Record global;

/**
 * @title RecordLib
 * @notice Reads a {Record}.
 */
library RecordLib {
    function pack(
        address patient_,
        uint40 recordedAt_,
        uint8 dataClass_,
        uint16 institution_,
        uint24 doctor_,
        RecordState state_
    ) internal pure returns (Record) {
        return
            Record.wrap(
                uint256(uint160(patient_)) |
                    (uint256(recordedAt_) << 160) |
                    (uint256(dataClass_) << 200) |
                    (uint256(institution_) << 208) |
                    (uint256(doctor_) << 224) |
                    (uint256(state_) << 248)
            );
    }

    function patient(Record record) internal pure returns (address) {
        return address(uint160(Record.unwrap(record)));
    }

    function recordedAt(Record record) internal pure returns (uint40) {
        return uint40(Record.unwrap(record) >> 160);
    }

    function dataClass(Record record) internal pure returns (uint8) {
        return uint8(Record.unwrap(record) >> 200);
    }

    function institution(Record record) internal pure returns (uint16) {
        return uint16(Record.unwrap(record) >> 208);
    }

    function doctor(Record record) internal pure returns (uint24) {
        return uint24(Record.unwrap(record) >> 224);
    }

    function state(Record record) internal pure returns (RecordState) {
        return RecordState(uint8(Record.unwrap(record) >> 248));
    }

    function isIn(Record record, RecordState state_) internal pure returns (bool) {
        return Record.unwrap(record) >> 248 == uint256(state_);
    }

    /// @notice Whether the patient stands by the record, so that it can be granted.
    function isGrantable(Record record) internal pure returns (bool) {
        return Record.unwrap(record) >> 248 >= uint256(RecordState.Accepted);
    }

    function exists(Record record) internal pure returns (bool) {
        return Record.unwrap(record) != 0;
    }

    /// @notice Whether nothing but patient, recordedAt and dataClass is set.
    function isSubject(Record record) internal pure returns (bool) {
        return Record.unwrap(record) >> 208 == 0;
    }

    /// @notice A subject together with what its batch has in common: institution, doctor, state.
    function withBatch(Record subject, Record batch) internal pure returns (Record) {
        return Record.wrap(Record.unwrap(subject) | Record.unwrap(batch));
    }

    function withState(Record record, RecordState state_) internal pure returns (Record) {
        return Record.wrap((Record.unwrap(record) & (type(uint256).max >> 8)) | (uint256(state_) << 248));
    }
}
