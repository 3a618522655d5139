// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DataClass} from "../../contracts/records/DataClass.sol";
import {Record, RecordLib, RecordState} from "../../contracts/records/Record.sol";

/// @notice A record's one slot, for any values.
contract RecordTest {
    struct Fields {
        address patient;
        uint40 recordedAt;
        uint8 dataClass;
        uint16 institution;
        uint24 doctor;
        uint8 state;
    }

    function testFuzz_UnpacksWhatItPacked(Fields memory fields) external pure {
        RecordState state = _state(fields.state);
        Record record = _pack(fields, state);
        assert(record.patient() == fields.patient && record.recordedAt() == fields.recordedAt);
        assert(record.dataClass() == fields.dataClass && record.institution() == fields.institution);
        assert(record.doctor() == fields.doctor && record.state() == state && record.isIn(state));
        assert(record.exists() == (Record.unwrap(record) != 0));
    }

    function testFuzz_PacksAsTheLayoutDraws(Fields memory fields) external pure {
        uint256 expected = uint160(fields.patient);
        expected += uint256(fields.recordedAt) * 2 ** 160 + uint256(fields.dataClass) * 2 ** 200;
        expected += uint256(fields.institution) * 2 ** 208 + uint256(fields.doctor) * 2 ** 224;
        expected += uint256(uint8(_state(fields.state))) * 2 ** 248;
        assert(Record.unwrap(_pack(fields, _state(fields.state))) == expected);
    }

    function testFuzz_AStateChangesNothingElse(Fields memory fields, uint8 next) external pure {
        Record changed = _pack(fields, _state(fields.state)).withState(_state(next));
        assert(Record.unwrap(changed) == Record.unwrap(_pack(fields, _state(next))));
    }

    function testFuzz_ASubjectJoinsItsBatch(Fields memory fields) external pure {
        RecordState state = _state(fields.state);
        Record subject = RecordLib.pack(fields.patient, fields.recordedAt, fields.dataClass, 0, 0, RecordState.None);
        Record batch = RecordLib.pack(address(0), 0, 0, fields.institution, fields.doctor, state);
        assert(subject.isSubject());
        assert(Record.unwrap(subject.withBatch(batch)) == Record.unwrap(_pack(fields, state)));
    }

    function testFuzz_ASubjectSaysNothingOfInstitutionDoctorOrState(uint256 word) external pure {
        Record record = Record.wrap(word);
        bool saysMore = record.institution() != 0 || record.doctor() != 0 || word >> 248 != 0;
        assert(record.isSubject() == !saysMore);
    }

    function testFuzz_OnlyWhatThePatientStandsByIsGrantable(Fields memory fields) external pure {
        RecordState state = _state(fields.state);
        bool expected = state == RecordState.Accepted || state == RecordState.Superseded;
        assert(_pack(fields, state).isGrantable() == expected);
    }

    function testFuzz_ClassesOfRecordsAre24To31(uint8 dataClass) external pure {
        assert(DataClass.isOfRecord(dataClass) == (dataClass > 23 && dataClass < 32));
    }

    function _pack(Fields memory fields, RecordState state) private pure returns (Record) {
        return
            RecordLib.pack(
                fields.patient,
                fields.recordedAt,
                fields.dataClass,
                fields.institution,
                fields.doctor,
                state
            );
    }

    function _state(uint8 seed) private pure returns (RecordState) {
        return RecordState(seed % (uint8(type(RecordState).max) + 1));
    }
}
