// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {EfficientHashLib} from "solady/src/utils/EfficientHashLib.sol";
import {Governed} from "../Governed.sol";
import {Account, Role} from "../accounts/Account.sol";
import {AccountReader} from "../accounts/AccountReader.sol";
import {IAccountCenter} from "../accounts/IAccountCenter.sol";
import {DataClass} from "./DataClass.sol";
import {IRecordRegistry} from "./IRecordRegistry.sol";
import {Record, RecordId, RecordLib, RecordState} from "./Record.sol";

/**
 * @title RecordRegistry
 * @notice The index of the medical records. {IRecordRegistry} says what each function promises.
 */
contract RecordRegistry is IRecordRegistry, EIP712, Governed {
    using AccountReader for IAccountCenter;

    bytes32 private constant RECORD_TYPEHASH = keccak256("Record(bytes32 id,bytes32 supersedes,uint256 deadline)");
    bytes32 private constant BATCH_TYPEHASH = keccak256("RecordBatch(bytes32[] ids,uint256 deadline)");
    bytes32 private constant ACCEPTANCE_TYPEHASH = keccak256("Acceptance(bytes32 id,uint256 deadline)");
    bytes32 private constant REPUDIATION_TYPEHASH = keccak256("Repudiation(bytes32 id,uint256 deadline)");

    uint256 private constant MAX_BATCH_SIZE = 256;

    RecordId private constant NOTHING = RecordId.wrap(0);

    /// @notice Says who is certified.
    IAccountCenter public immutable accountCenter;

    /// @inheritdoc IRecordRegistry
    mapping(RecordId id => Record) public records;

    /// @param consortium The access manager.
    /// @param accountCenter_ The account center.
    constructor(
        address consortium,
        IAccountCenter accountCenter_
    ) EIP712("Healthchain RecordRegistry", "1") Governed(consortium) {
        accountCenter = accountCenter_;
    }

    /// @inheritdoc IRecordRegistry
    function register(
        RecordHeader calldata header,
        address doctor,
        Signatures calldata signatures
    ) external returns (RecordId id) {
        (id, ) = _register(header, doctor, NOTHING, signatures);
    }

    /// @inheritdoc IRecordRegistry
    function amend(
        RecordHeader calldata header,
        address doctor,
        RecordId supersedes,
        Signatures calldata signatures
    ) external returns (RecordId id) {
        Record old = records[supersedes];
        _requireState(supersedes, old, RecordState.Accepted);
        records[supersedes] = old.withState(RecordState.Superseded);

        uint16 institution;
        (id, institution) = _register(header, doctor, supersedes, signatures);
        if (old.patient() != header.patient || old.institution() != institution) {
            revert RecordNotOf(supersedes, old.patient(), old.institution());
        }
        emit RecordAmended(id, supersedes);
    }

    /// @inheritdoc IRecordRegistry
    function registerBatch(
        address doctor,
        BatchItem[] calldata items,
        uint256 deadline,
        bytes calldata doctorSignature
    ) external {
        uint256 size = items.length;
        if (size == 0 || size > MAX_BATCH_SIZE) revert RecordBatchSizeInvalid(size);
        _requireInTime(deadline);
        uint16 institution = _requireActive(msg.sender, Role.Institution).institution();
        uint24 doctorNumber = _requireActive(doctor, Role.Doctor).number();

        // What all records of the batch have in common.
        Record batch = RecordLib.pack(address(0), 0, 0, institution, doctorNumber, RecordState.Asserted);
        bytes32[] memory ids = new bytes32[](size);
        for (uint256 i = 0; i < size; ++i) {
            BatchItem calldata item = items[i];
            if (!item.subject.isSubject()) revert RecordSubjectInvalid(i);
            Record record = item.subject.withBatch(batch);
            RecordId id = _store(record, item.salt, item.sectionsRoot);
            ids[i] = RecordId.unwrap(id);
            emit RecordAsserted(id, record.patient(), institution, doctorNumber);
        }

        // EIP-712 encodes a list of words as the hash of the words.
        bytes32 structHash = keccak256(abi.encode(BATCH_TYPEHASH, EfficientHashLib.hash(ids), deadline));
        _requireSignature(doctor, structHash, doctorSignature);
    }

    /// @inheritdoc IRecordRegistry
    function accept(RecordId id) external {
        _requirePatient(id, msg.sender);
        _accept(id);
    }

    /// @inheritdoc IRecordRegistry
    function acceptBySig(RecordId id, uint256 deadline, bytes calldata signature) external {
        _requirePatientSignature(ACCEPTANCE_TYPEHASH, id, deadline, signature);
        _accept(id);
    }

    /// @inheritdoc IRecordRegistry
    function repudiate(RecordId id) external {
        _requirePatient(id, msg.sender);
        _repudiate(id);
    }

    /// @inheritdoc IRecordRegistry
    function repudiateBySig(RecordId id, uint256 deadline, bytes calldata signature) external {
        _requirePatientSignature(REPUDIATION_TYPEHASH, id, deadline, signature);
        _repudiate(id);
    }

    /// @inheritdoc IRecordRegistry
    function describe(
        RecordId id
    )
        external
        view
        returns (
            address patient,
            uint40 recordedAt,
            uint8 dataClass,
            uint16 institution,
            uint24 doctor,
            RecordState state
        )
    {
        Record record = records[id];
        return (
            record.patient(),
            record.recordedAt(),
            record.dataClass(),
            record.institution(),
            record.doctor(),
            record.state()
        );
    }

    function _register(
        RecordHeader calldata header,
        address doctor,
        RecordId supersedes,
        Signatures calldata signatures
    ) private returns (RecordId id, uint16 institution) {
        _requireInTime(signatures.deadline);
        institution = _requireActive(msg.sender, Role.Institution).institution();
        uint24 doctorNumber = _requireActive(doctor, Role.Doctor).number();
        Record record = RecordLib.pack(
            header.patient,
            header.recordedAt,
            header.dataClass,
            institution,
            doctorNumber,
            RecordState.Accepted
        );
        id = _store(record, header.salt, header.sectionsRoot);

        bytes32 structHash = keccak256(abi.encode(RECORD_TYPEHASH, id, supersedes, signatures.deadline));
        _requireSignature(header.patient, structHash, signatures.patient);
        _requireSignature(doctor, structHash, signatures.doctor);
        emit RecordRegistered(id, header.patient, institution, doctorNumber);
    }

    /// @dev Computes the id, so that what is stored is what was signed, and claims it.
    function _store(Record record, bytes32 salt, bytes32 sectionsRoot) private returns (RecordId id) {
        if (record.recordedAt() > block.timestamp) revert RecordDatedInFuture(record.recordedAt(), block.timestamp);
        if (!DataClass.isOfRecord(record.dataClass())) revert RecordClassInvalid(record.dataClass());
        _requireActive(record.patient(), Role.Patient);

        bytes32 headerHash = EfficientHashLib.hash(
            block.chainid,
            uint160(address(this)),
            uint160(record.patient()),
            record.doctor(),
            record.institution(),
            record.recordedAt(),
            record.dataClass(),
            uint256(salt)
        );
        id = RecordId.wrap(EfficientHashLib.hash(headerHash, sectionsRoot));
        if (records[id].exists()) revert RecordAlreadyRegistered(id);
        records[id] = record;
    }

    function _accept(RecordId id) private {
        _settle(id, RecordState.Accepted);
        emit RecordAccepted(id);
    }

    function _repudiate(RecordId id) private {
        _settle(id, RecordState.Repudiated);
        emit RecordRepudiated(id);
    }

    /// @dev The patient's word on an asserted record; it is final.
    function _settle(RecordId id, RecordState state) private {
        Record record = records[id];
        _requireState(id, record, RecordState.Asserted);
        // To say no, a patient needs no certificate.
        if (state == RecordState.Accepted) _requireActive(record.patient(), Role.Patient);
        records[id] = record.withState(state);
    }

    function _requireActive(address wallet, Role role) private view returns (Account account) {
        account = accountCenter.read(wallet);
        account.requireActive(wallet, role);
    }

    function _requireInTime(uint256 deadline) private view {
        if (block.timestamp > deadline) revert RecordSignatureExpired(deadline);
    }

    function _requireState(RecordId id, Record record, RecordState required) private pure {
        if (!record.exists()) revert RecordUnknown(id);
        if (record.state() != required) revert RecordStateMismatch(id, record.state(), required);
    }

    function _requirePatient(RecordId id, address wallet) private view {
        Record record = records[id];
        if (!record.exists()) revert RecordUnknown(id);
        if (record.patient() != wallet) revert RecordNotOf(id, record.patient(), record.institution());
    }

    function _requirePatientSignature(
        bytes32 typeHash,
        RecordId id,
        uint256 deadline,
        bytes calldata signature
    ) private view {
        _requireInTime(deadline);
        Record record = records[id];
        if (!record.exists()) revert RecordUnknown(id);
        _requireSignature(record.patient(), keccak256(abi.encode(typeHash, id, deadline)), signature);
    }

    function _requireSignature(address signer, bytes32 structHash, bytes calldata signature) private view {
        if (!SignatureChecker.isValidSignatureNowCalldata(signer, _hashTypedDataV4(structHash), signature)) {
            revert RecordSignatureInvalid(signer);
        }
    }
}
